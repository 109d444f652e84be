import {
  ActionIcon,
  Button,
  createTheme,
  type CSSVariablesResolver,
  Input,
  Modal,
  NavLink,
  NumberInput,
  PasswordInput,
  Select,
  Textarea,
  TextInput,
} from '@mantine/core';

/** Calm and dense: text of 14 px, compact controls. */
export const theme = createTheme({
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, "Liberation Mono", monospace',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '18px' },
  lineHeights: { md: '1.45' },
  headings: {
    sizes: { h1: { fontSize: '20px' }, h2: { fontSize: '17px' }, h3: { fontSize: '15px' }, h4: { fontSize: '14px' } },
  },
  defaultRadius: 'sm',
  primaryColor: 'blue',
  primaryShade: { light: 9, dark: 9 },
  respectReducedMotion: true,
  components: {
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray' } }),
    Button: Button.extend({ defaultProps: { size: 'compact-md' } }),
    Input: Input.extend({ defaultProps: { size: 'sm' } }),
    Modal: Modal.extend({
      defaultProps: { centered: true, transitionProps: { duration: 0 }, closeButtonProps: { 'aria-label': 'Close' } },
    }),
    NavLink: NavLink.extend({ defaultProps: { variant: 'light' } }),
    NumberInput: NumberInput.extend({ defaultProps: { size: 'sm' } }),
    PasswordInput: PasswordInput.extend({ defaultProps: { size: 'sm' } }),
    Select: Select.extend({ defaultProps: { size: 'sm', comboboxProps: { transitionProps: { duration: 0 } } } }),
    Textarea: Textarea.extend({ defaultProps: { size: 'sm', autosize: true, minRows: 2 } }),
    TextInput: TextInput.extend({ defaultProps: { size: 'sm' } }),
  },
});

/** Where Mantine's own colours of text have too little contrast (WCAG 2.2, 1.4.3). */
export const readableColors: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#495057',
    '--mantine-color-error': '#b42318',
    '--mantine-color-placeholder': '#6b727a',
    '--mantine-color-anchor': '#155a9c',
    '--mantine-color-blue-light-color': '#0b4a86',
    '--mantine-color-red-light-color': '#8f1d1d',
    '--mantine-color-yellow-light-color': '#6b3d00',
    '--mantine-color-green-light-color': '#1c5a2b',
    '--mantine-color-gray-light-color': '#343a40',
    '--mantine-color-red-filled': '#b42318',
  },
  dark: {
    '--mantine-color-dimmed': '#adb5bd',
    '--mantine-color-error': '#ff9a93',
    '--mantine-color-placeholder': '#909296',
    '--mantine-color-anchor': '#8ec7ff',
    '--mantine-color-blue-light-color': '#b3dbff',
    '--mantine-color-red-light-color': '#ffc9c9',
    '--mantine-color-yellow-light-color': '#ffe8a3',
    '--mantine-color-green-light-color': '#b2f2bb',
    '--mantine-color-gray-light-color': '#dee2e6',
    '--mantine-color-red-filled': '#b42318',
  },
});
