export const ANCHOR = 'dataset_info.json';
export const FEATURES = 'features.json';
export const LARGEST_INFO_BYTES = 16 * 2 ** 20;
