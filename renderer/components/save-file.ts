/** Hands bytes or text to the person as a file. The address of the file lives only as long as the click. */
export const saveFile = (fileName: string, contentType: string, parts: BlobPart[]): void => {
  const address = URL.createObjectURL(new Blob(parts, { type: contentType }));
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(address);
};
