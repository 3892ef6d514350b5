import type { Table } from '../../seed/table.ts';

/** Who a user is to the shop. */
export type Role = 'CUSTOMER' | 'STAFF' | 'ADMIN';

export interface UserRow {
  id: string;
  email: string;
  displayName: string;
  role: Role;
  createdAt: Date;
  updatedAt: Date;
}

export interface CredentialRow {
  userId: string;
  passwordHash: string;
  changedAt: Date;
}

export interface AddressRow {
  id: string;
  userId: string;
  kind: 'SHIPPING' | 'BILLING';
  recipient: string;
  line1: string;
  line2: string | null;
  city: string;
  region: string | null;
  postalCode: string;
  countryCode: string;
  isDefault: boolean;
  createdAt: Date;
}

export const users: Table<UserRow> = {
  name: 'users',
  columns: {
    id: 'uuid',
    email: 'text',
    displayName: 'text',
    role: '"Role"',
    createdAt: 'timestamptz',
    updatedAt: 'timestamptz',
  },
};

export const credentials: Table<CredentialRow> = {
  name: 'credentials',
  columns: { userId: 'uuid', passwordHash: 'text', changedAt: 'timestamptz' },
};

export const addresses: Table<AddressRow> = {
  name: 'addresses',
  columns: {
    id: 'uuid',
    userId: 'uuid',
    kind: '"AddressKind"',
    recipient: 'text',
    line1: 'text',
    line2: 'text',
    city: 'text',
    region: 'text',
    postalCode: 'text',
    countryCode: 'bpchar',
    isDefault: 'boolean',
    createdAt: 'timestamptz',
  },
};
