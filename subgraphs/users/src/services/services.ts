import type { PrismaClient } from '@tributary/prisma/users/client';
import type { Evictions } from '@tributary/subgraph-kit';
import { type AddressService, createAddressService } from './address.service.ts';
import { createDataExportService, type DataExportService } from './data-export.service.ts';
import { createErasureService, type ErasureService } from './erasure.service.ts';
import { createProfileService, type ProfileService } from './profile.service.ts';
import { createRoleService, type RoleService } from './role.service.ts';
import { createSessionServices, type SessionServices, type SignInSettings } from './session-services.ts';
import { createUserService, type UserService } from './user.service.ts';

/** What resolvers ask; made once for all requests. */
export interface Services extends SessionServices {
  users: UserService;
  profiles: ProfileService;
  addresses: AddressService;
  roles: RoleService;
  dataExports: DataExportService;
  erasure: ErasureService;
}

/** @param evictions - has what was kept of users forgotten */
export const createServices = (
  prisma: PrismaClient,
  evictions: Evictions,
  settings: SignInSettings,
): Services => ({
  ...createSessionServices(prisma, settings),
  users: createUserService(prisma),
  profiles: createProfileService(prisma, evictions),
  addresses: createAddressService(prisma, evictions),
  roles: createRoleService(prisma, evictions),
  dataExports: createDataExportService(prisma),
  erasure: createErasureService(prisma, evictions),
});
