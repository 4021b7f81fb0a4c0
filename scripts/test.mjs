import { compiled, handOver, installDependencies } from './prepare.mjs'

installDependencies('everything')
handOver('scripts/test/main.ts', { NODE_COMPILE_CACHE: compiled })
