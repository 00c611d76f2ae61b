import { saveFile } from '../../components/save-file.ts';

/** Hands a text to the person as a file. CSV gets a byte order mark, without which Excel reads it in another alphabet. */
export const saveText = (fileName: string, contentType: string, text: string): void =>
  saveFile(fileName, contentType, [contentType.startsWith('text/csv') ? '\uFEFF' : '', text]);
