/**
 * The field of a dialog that has the focus: at once, so that no key of who opened it by keyboard is lost; and by the dialog,
 * which looks for it a moment later.
 */
export const FOCUSED = { autoFocus: true, 'data-autofocus': true };
