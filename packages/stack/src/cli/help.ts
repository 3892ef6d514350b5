/** The settings that a stack reads, for `--help`. */
export const STACK_SETTINGS_HELP = `Settings (environment variables; all of them in README.md):
  PORT, USERS_PORT, PRODUCTS_PORT, ORDERS_PORT   where to listen: 4000, 4001, 4002, 4003
  USERS_DATABASE_URL, PRODUCTS_DATABASE_URL, ORDERS_DATABASE_URL
                                                 PostgreSQL; an embedded one when unset
  DATA_DIR                                       what is kept: .tributary
  REDIS_URL                                      Redis; a redis-server on the PATH when unset
  SEED_SCALE                                     size of the demo shop: 1; 0 for none
  LOG_LEVEL                                      warn
`;
