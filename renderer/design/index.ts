/** The primitives every part of the screen is made of. Colours and sizes: tokens.css. */
export { Button, type ButtonProps, IconButton, type IconButtonProps } from './Button.tsx';
export { Dialog, type DialogProps } from './Dialog.tsx';
export { Badge, EmptyState, Keys, ScrollArea, Spinner, VisuallyHidden } from './Feedback.tsx';
export { announce, prepareLiveRegions } from './live-region.ts';
export { ContextMenu, Menu, type MenuEntry } from './Menu.tsx';
export { type NoticeShown, Notices } from './Notices.tsx';
export { Select, type SelectOption } from './Select.tsx';
export { TextField, type TextFieldProps } from './TextField.tsx';
export { Tooltip, TooltipProvider } from './Tooltip.tsx';
