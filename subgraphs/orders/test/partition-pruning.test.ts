import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sqltag as sql } from '@prisma/client/runtime/client';
import { createMetrics } from '@tributary/platform';
import { PrismaClient } from '@tributary/prisma/orders/client';
import { connectDatabase, createEvictions, fetchPage, pageRequest } from '@tributary/subgraph-kit';
import { createTestDatabase, type TestDatabase } from '@tributary/testing';
import pg from 'pg';
