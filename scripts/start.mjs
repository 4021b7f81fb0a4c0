import { handOver, installDependencies } from './prepare.mjs'

installDependencies()
handOver('scripts/start/main.ts')
