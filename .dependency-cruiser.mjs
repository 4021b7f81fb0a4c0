// The architecture, as rules: arrows run one way (docs/architecture.md says why).
const no = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

/**
 * Every package of others, and the files that may import it: adapters, and the roots that compose. What is not listed may
 * be imported nowhere. An `import type` loads nothing and is not asked; tests, contract suites and benches choose freely.
 */
const PACKAGES = {
  // Languages of the whole tree: schemas, tables, components.
  zod: '^(lib|app)/',
  'drizzle-orm': '^(drizzle/schema|lib/console)/|^lib/infrastructure/database/(repository/)?adapters/',
  next: '^(app|components)/|^(proxy|instrumentation|next\\.config)\\.ts$',
  react: '^(app|components)/',
  'react-dom': '^components/ui/',
  'lucide-react': '^(app|components)/',
  '@tanstack/react-query': '^app/\\(console\\)/',
  // Behind one component each.
  '@fontsource-variable/inter': '^app/layout\\.tsx$',
  '@fontsource-variable/jetbrains-mono': '^app/layout\\.tsx$',
  '@tanstack/react-virtual': '^components/data-table/virtual-rows\\.tsx$',
  'class-variance-authority': '^components/ui/',
  clsx: '^components/ui/cn\\.ts$',
  cmdk: '^components/ui/command\\.tsx$',
  'radix-ui': '^components/',
  recharts: '^components/charts/time-plot\\.tsx$',
  sonner: '^components/ui/toast-region\\.tsx$',
  // The library's adapters.
  '@supabase/supabase-js': '^lib/infrastructure/supabase/adapters/',
  '@aws-sdk/client-sesv2': '^lib/infrastructure/email/adapters/',
  '@react-email/render': '^lib/infrastructure/email/adapters/',
  '@sendgrid/mail': '^lib/infrastructure/email/adapters/',
  'mailgun.js': '^lib/infrastructure/email/adapters/',
  nodemailer: '^lib/infrastructure/email/adapters/',
  resend: '^lib/infrastructure/email/adapters/',
  awilix: '^lib/infrastructure/container/adapters/',
  pg: '^lib/infrastructure/queue/adapters/bullmq-postgres-store\\.ts$',
  bullmq: '^lib/infrastructure/(queue|scheduler)/adapters/|^lib/console/areas/queues/adapters/bull-board\\.ts$',
  cockatiel: '^lib/infrastructure/resilience/adapters/',
  'cron-parser': '^lib/infrastructure/scheduler/adapters/',
  ioredis:
    '^lib/infrastructure/(cache|fleet|kv|queue|scheduler)/adapters/|^lib/console/servers/view-redis\\.ts$|^demo/shared/redis\\.ts$',
  'lru-cache': '^lib/infrastructure/cache/adapters/|^lib/console/platform/(access/sessions|view/read)\\.ts$',
  pino: '^lib/infrastructure/logging/adapters/',
  postgres:
    '^lib/infrastructure/(database|migrations)/adapters/|^lib/console/platform/store/adapters/|^lib/console/servers/probe/postgres\\.ts$',
  'prom-client': '^lib/infrastructure/metrics/adapters/',
  'rate-limiter-flexible': '^lib/infrastructure/resilience/adapters/',
  undici: '^lib/infrastructure/http/adapters/',
  ulid: '^lib/core/ids\\.ts$',
  umzug: '^lib/infrastructure/migrations/adapters/',
  'expo-server-sdk': '^lib/infrastructure/notifications/adapters/expo\\.ts$',
  'firebase-admin': '^lib/infrastructure/notifications/adapters/fcm\\.ts$',
  twilio: '^lib/infrastructure/notifications/adapters/twilio\\.ts$',
  'web-push': '^lib/infrastructure/notifications/adapters/web-push\\.ts$',
  'libpg-query':
    '^lib/infrastructure/(insight|migrations)/adapters/|^lib/console/areas/database/saved-queries/adapters/',
  // The console's.
  '@bull-board/api': '^lib/console/areas/queues/adapters/',
  '@bull-board/hono': '^lib/console/areas/queues/adapters/',
  cronstrue: '^lib/console/areas/schedules/timing\\.ts$',
  'better-auth': '^lib/console/platform/access/auth\\.ts$',
  hono: '^lib/console/areas/queues/adapters/',
  'pg-boss': '^lib/console/platform/jobs/adapters/',
  rfc6902: '^lib/console/areas/(dead-letters/acts/edit|queues/acts/changes)\\.ts$',
  // A library that a service of the demo keeps.
  bentocache: '^demo/shared/trending\\.ts$',
  // What starts and looks at the whole.
  '@playwright/test': '^scripts/(screenshots|test/chromium)\\.ts$',
  'drizzle-kit': '^drizzle\\.config\\.ts$',
  emulate: '^scripts/start/identity-provider\\.ts$',
}
const CHOOSES_FREELY = '\\.test\\.tsx?$|\\.contract\\.ts$|/testing/|^(bench|e2e)/'
const OF_OTHERS = {
  dependencyTypes: [
    'npm',
    'npm-bundled',
    'npm-dev',
    'npm-no-pkg',
    'npm-optional',
    'npm-peer',
    'npm-unknown',
    'unknown',
    'undetermined',
  ],
  dependencyTypesNot: ['type-only', 'local', 'localmodule'],
}
/** Where it is found, or its bare name where it is not installed. */
const pathOf = name => `(^|node_modules/)${name}(/|$)`
const packageRules = [
  no(
    'packages-that-are-listed',
    'A package of others is imported from the adapters named in PACKAGES: add it there, with its adapter.',
    { path: '^[^/]+', pathNot: ['node_modules/', CHOOSES_FREELY] },
    {
      ...OF_OTHERS,
      pathNot: ['^(app|components|lib|drizzle|demo|scripts|public)/', ...Object.keys(PACKAGES).map(pathOf)],
    },
  ),
  ...Object.entries(PACKAGES).map(([name, places]) =>
    no(
      `only-its-adapters-import-${name}`,
      'Whoever needs it asks the port that its adapter implements.',
      { pathNot: ['node_modules/', CHOOSES_FREELY, places] },
      { ...OF_OTHERS, path: pathOf(name), pathNot: '^(app|components|lib|drizzle|demo|scripts)/' },
    ),
  ),
]

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...packageRules,
    no(
      'no-circles',
      'Two files that need each other are one file, or lack a third.',
      { path: '^(app|components|lib|drizzle|demo|scripts|bench)' },
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    no(
      'core-imports-nothing',
      'lib/core stands below everything.',
      { path: '^lib/core' },
      { path: '^(app|components|lib/(infrastructure|console)|drizzle|demo)' },
    ),
    no(
      'infrastructure-knows-no-console',
      'Services import the library; it must not drag the console along.',
      { path: '^lib/infrastructure', pathNot: '\\.test\\.ts$' },
      { path: '^(app|components|lib/console|lib/env|drizzle|demo)' },
    ),
    no(
      'infrastructure-knows-no-framework',
      'The library is framework-free.',
      { path: '^lib/infrastructure', pathNot: '\\.test\\.ts$' },
      { path: 'node_modules/(next|react|react-dom|better-auth|pg-boss)/' },
    ),
    no(
      'console-knows-no-pages',
      'Views and operations know no page.',
      { path: '^lib/console' },
      { path: '^(app|components|demo|node_modules/(next|react|react-dom)/)' },
    ),
    no(
      'console-types-only-for-the-browser',
      'The browser gets types of the console and nothing else.',
      { path: '^(components|app/\\(console\\)/(_frame|_parts)|app/.*/_components)' },
      { path: '^lib/(console|infrastructure)', dependencyTypesNot: ['type-only'] },
    ),
    no(
      'the-platform-knows-no-area',
      'Parts, views, operations, the runner: what they work on comes from the list of areas.',
      { path: '^lib/console/platform/', pathNot: '\\.test\\.ts$' },
      { path: '^lib/console/(?!platform/)' },
    ),
    no(
      'servers-stand-on-the-platform',
      'Watched servers: connections, probes, rights.',
      { path: '^lib/console/servers/', pathNot: '\\.test\\.ts$' },
      { path: '^lib/console/(?!platform/|servers/)' },
    ),
    no(
      'the-fleet-stands-on-servers',
      'Processes know no figures over time and no area.',
      { path: '^lib/console/fleet/', pathNot: '\\.test\\.ts$' },
      { path: '^lib/console/(?!platform/|servers/|fleet/)' },
    ),
    no(
      'series-know-no-area',
      'Areas say what is sampled; the sampler does not ask which there are.',
      { path: '^lib/console/series/', pathNot: '\\.test\\.ts$' },
      { path: '^lib/console/(?!platform/|servers/|fleet/|series/)' },
    ),
    no(
      'areas-meet-at-their-faces',
      'What one area needs of another is in the index.ts of that one.',
      { path: '^lib/console/areas/([^/]+)/', pathNot: '\\.test\\.ts$' },
      {
        path: '^lib/console/(areas/[^/]+/|areas/index|open)',
        pathNot: ['^lib/console/areas/$1/', '^lib/console/areas/[^/]+/index\\.ts$'],
      },
    ),
    no(
      'no-pairs-in-the-console',
      'Two files that know each other, be it by type alone, are one file or lack a third.',
      { path: '^lib/console/' },
      { circular: true },
    ),
    no(
      'components-know-no-feature',
      'Shared composites take data by props.',
      { path: '^components' },
      { path: '^(app|drizzle|demo|lib/infrastructure)' },
    ),
    no(
      'ui-imports-nothing-of-ours',
      'Primitives stand below composites.',
      { path: '^components/ui' },
      { path: '^(components/(?!ui|status)|app|lib/(console|infrastructure))' },
    ),
    no(
      'schema-is-a-leaf',
      'Tables import nothing of ours.',
      { path: '^drizzle/schema' },
      { path: '^(app|components|lib|demo)' },
    ),
    no(
      'demo-uses-public-entries',
      'The demo imports the package as any service would.',
      { path: '^demo', pathNot: '\\.test\\.ts$' },
      { path: '^(app|components|lib|drizzle)/', pathNot: '^lib/(core|infrastructure/[^/]+)/index\\.ts$' },
    ),
    no(
      'capabilities-meet-at-their-faces',
      'No one reaches past the index.ts of another capability.',
      { path: '^lib/infrastructure/([^/]+)/' },
      {
        path: '^lib/infrastructure/([^/]+)/',
        pathNot: ['^lib/infrastructure/$1/', '(index|\\.contract)\\.ts$', '^lib/infrastructure/testing/'],
      },
    ),
    no(
      'outside-meets-capabilities-at-their-faces',
      'Console and app use the library by its public entries.',
      { path: '^(app|lib/console|lib/env)' },
      { path: '^lib/infrastructure/', pathNot: ['index\\.ts$', '^lib/infrastructure/testing/'] },
    ),
    no(
      'pages-do-not-reach-into-each-other',
      'What two pages share lives in _parts.',
      { path: '^app/\\(console\\)/\\[environment\\]/([^/]+)/' },
      { path: '^app/\\(console\\)/\\[environment\\]/([^/]+)/', pathNot: '^app/\\(console\\)/\\[environment\\]/$1/' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(\\.next|dist)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    parser: 'swc',
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
}
