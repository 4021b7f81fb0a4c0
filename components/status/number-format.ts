export * from '@/lib/core/number-format'
