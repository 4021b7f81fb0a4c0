import { handOver, installDependencies } from './prepare.mjs'

installDependencies()
handOver('scripts/test/main.ts')
