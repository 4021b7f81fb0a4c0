import { handOver, installDependencies } from './prepare.mjs'

installDependencies('start')
handOver('scripts/start/main.ts')
