import { defineConfig } from './lib/console/platform/settings/port.ts'

// Copy to substation.config.ts. Read wherever it is there, by the local console too; it completes the variables, which
// docs/configuration.md lists.
export default defineConfig({
  environments: [
    {
      name: 'production',
      production: true,
      // The fleet of this environment registers in SUBSTATION_REDIS_URL unless it is told otherwise here (fleetRedisUrl).
      redis: [{ name: 'queues', url: process.env.QUEUES_REDIS_URL ?? 'redis://127.0.0.1:6379' }],
      databases: [
        {
          name: 'shop',
          url: process.env.SHOP_DATABASE_URL ?? 'postgres://127.0.0.1/shop',
          migrations: '../shop/migrations',
        },
      ],
    },
    { name: 'staging', fleetRedisUrl: process.env.STAGING_REDIS_URL },
  ],
})
