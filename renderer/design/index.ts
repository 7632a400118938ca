/** The primitives every part of the screen is made of. Colours and sizes: tokens.css. */
export { Button, IconButton } from './Button.tsx';
export { Dialog } from './Dialog.tsx';
export { Badge, EmptyState, Keys, ScrollArea, Spinner, VisuallyHidden } from './Feedback.tsx';
export { ContextMenu, Menu, type MenuEntry } from './Menu.tsx';
export { Notices } from './Notices.tsx';
export { Select } from './Select.tsx';
export { TextField } from './TextField.tsx';
export { Tooltip, TooltipProvider } from './Tooltip.tsx';
