import { Kbd, Modal, Table } from '@mantine/core';
import { shell, shortcuts as text } from '../text/shell.js';
import { destinations } from './navigation.js';
import { usePlace } from './use-place.js';

/** What the keyboard can do here. */
export function ShortcutSheet({ onClose }: { readonly onClose: () => void }) {
  const keys: readonly (readonly [readonly string[], string])[] = [
    [['Ctrl', 'K'], text.palette],
    [['?'], text.sheet],
    [['j', 'k'], text.rows],
    [['Enter'], text.open],
    [['k'], text.kill],
    [['Esc'], text.close],
    ...destinations(usePlace()).map(({ key, label }) => [['g', key], text.goTo(label)] as const),
  ];
  return (
    <Modal opened onClose={onClose} title={shell.shortcuts}>
      <Table aria-label={shell.shortcuts}>
        <Table.Tbody>
          {keys.map(([pressed, what]) => (
            <Table.Tr key={what}>
              <Table.Td w={110}>
                {pressed.map((key) => (
                  <Kbd key={key} mr={4}>
                    {key}
                  </Kbd>
                ))}
              </Table.Td>
              <Table.Td>{what}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
