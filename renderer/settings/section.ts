import { create } from 'zustand';

export type SettingsSection = 'general' | 'keys' | 'dataset';

/** Which section the settings show, or open with the next time. */
export const useSettingsSection = create<{ section: SettingsSection }>(() => ({ section: 'general' }));
