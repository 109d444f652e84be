import { Button, Group } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { Icon } from './Icon.js';

interface Props {
  readonly copy: string;
  readonly copied: string;
  readonly download: string;
  /** Of the file, without its ending. */
  readonly name: string;
  /** Asked only when it is wanted. */
  readonly toCsv: () => string;
}

/** Takes rows out of the page: to the clipboard, or as a file. */
export function CsvButtons({ copy, copied, download, name, toCsv }: Props) {
  const clipboard = useClipboard();
  return (
    <Group gap={6}>
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<Icon name={clipboard.copied ? 'check' : 'copy'} size={12} />}
        onClick={() => clipboard.copy(toCsv())}
      >
        {clipboard.copied ? copied : copy}
      </Button>
      <Button variant="default" size="compact-sm" onClick={() => save(`${name}.csv`, toCsv())}>
        {download}
      </Button>
    </Group>
  );
}

function save(name: string, csv: string): void {
  const url = URL.createObjectURL(new Blob([csv], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
