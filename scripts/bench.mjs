import { handOver, installDependencies } from './prepare.mjs'

installDependencies('everything')
handOver('bench/main.ts')
