/**
 * Hands a text to the person as a file. CSV gets a byte order mark, without which Excel reads it in another alphabet.
 * The address of the file lives only as long as the click.
 */
export const saveText = (fileName: string, contentType: string, text: string): void => {
  const mark = contentType.startsWith('text/csv') ? '\uFEFF' : '';
  const address = URL.createObjectURL(new Blob([mark, text], { type: contentType }));
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(address);
};
