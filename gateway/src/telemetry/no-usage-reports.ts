/**
 * Import this before `@apollo/gateway`: it would otherwise send usage metrics out. No telemetry leaves this
 * process unless its operator sends it.
 */
process.env.APOLLO_TELEMETRY_DISABLED = 'true';
