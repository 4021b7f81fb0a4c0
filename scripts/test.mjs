import { handOver, installDependencies } from './prepare.mjs'

installDependencies('everything')
handOver('scripts/test/main.ts')
