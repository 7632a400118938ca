import { EyeOff, Flag as FlagIcon, Hand, LocateOff, type LucideIcon, SunDim } from 'lucide-react';
import type { FlagKind } from '../../shared/review/flags.ts';

/** Every kind has a sign of its own: colour is never the only one. */
export const FLAG_ICONS: Readonly<Record<FlagKind, LucideIcon>> = {
  occlusion: EyeOff,
  ot_dropout: LocateOff,
  exposure: SunDim,
  active_side: Hand,
  other: FlagIcon,
};
