import type { CredentialField } from './connector.ts';

/** Shown as typed, and must be filled in. */
export const plainField = (key: string, label: string, help: string): CredentialField => ({
  key,
  label,
  help,
  secret: false,
  required: true,
});
/** Kept in the vault and never shown again. */
export const secretField = (key: string, label: string, help: string): CredentialField => ({
  key,
  label,
  help,
  secret: true,
  required: true,
});
/** May stay empty: the help names the default. */
export const optionalField = (key: string, label: string, help: string): CredentialField => ({
  key,
  label,
  help,
  secret: false,
  required: false,
});

export const AS_OF = optionalField('asOf', 'As-of date', 'Such as 2025-06-30. Default: the last business day.');
