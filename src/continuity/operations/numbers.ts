/** The numbers that a node is watched by: one list for `/metrics`, `/api/operations`, the history and the alarms. */

export type NumberFacts = {
  /** In `/metrics`, after `fyr_`. Ends with the unit, as Prometheus wants it. */
  metric: string;
  help: string;
};

export const numberFacts = {
  uptimeSeconds: { metric: 'uptime_seconds', help: 'Since this process answers' },
  requestsPerMinute: { metric: 'requests_last_minute', help: 'Requests answered in the last whole minute' },
  errorsPerMinute: { metric: 'errors_last_minute', help: 'Of these, answered with a status of 500 or more' },
  latencyP50Ms: { metric: 'latency_p50_milliseconds', help: 'Half of the requests of the last minute were faster' },
  latencyP99Ms: { metric: 'latency_p99_milliseconds', help: '99 of 100 requests of the last minute were faster' },
  memoryBytes: { metric: 'memory_bytes', help: 'Resident memory of the process' },
  eventLoopP99Ms: { metric: 'event_loop_p99_milliseconds', help: 'How long the process could not look up' },
  databaseAnswerMs: { metric: 'database_answer_milliseconds', help: 'A question to the database and back' },
  databaseBytes: { metric: 'database_bytes', help: 'Size of the database' },
  databaseConnections: { metric: 'database_connections', help: 'Connections to the database' },
  oldestTransactionSeconds: {
    metric: 'oldest_transaction_seconds',
    help: 'Age of the oldest transaction: it holds up the feed',
  },
  dataFreeBytes: { metric: 'data_free_bytes', help: 'Free on the disk of the data folder' },
  dataFreeShare: { metric: 'data_free_share', help: 'Free share of the disk of the data folder, 0 to 1' },
  walFreeShare: { metric: 'wal_free_share', help: "Free share of the disk of PostgreSQL's log, 0 to 1" },
  blobFreeShare: { metric: 'blob_free_share', help: 'Free share of the disk of the second copy of blobs, 0 to 1' },
  certificateDays: { metric: 'certificate_days', help: 'Until the first certificate of this node ends' },
  backupAgeHours: { metric: 'backup_age_hours', help: 'Since the instant that the newest backup holds' },
  backupVerifiedAgeHours: {
    metric: 'backup_verified_age_hours',
    help: 'Since a backup was last verified by restoring',
  },
  logUnsealedSeconds: {
    metric: 'access_log_unsealed_seconds',
    help: 'Age of the oldest entry of the access log without a seal',
  },
  clockOffsetDatabaseMs: {
    metric: 'clock_offset_database_milliseconds',
    help: "This machine's clock less the database's",
  },
  clockOffsetUpstreamMs: {
    metric: 'clock_offset_upstream_milliseconds',
    help: "This machine's clock less the upstream's",
  },
  upstreamSilentSeconds: { metric: 'upstream_silent_seconds', help: 'Since the node above last answered' },
  upstreamRefused: {
    metric: 'upstream_refused',
    help: '1 when the node above does not speak with this one until a person has acted',
  },
  feedLagSeconds: { metric: 'feed_lag_seconds', help: 'How far what is known here lies behind the node above' },
  regionAgeSeconds: {
    metric: 'region_age_seconds',
    help: 'Age of what came from the region, where a node lies between',
  },
  backlog: { metric: 'backlog_operations', help: 'Written here and not taken upstream yet' },
  conflicts: { metric: 'conflicts', help: 'Conflicts that a person has to decide' },
  quarantine: { metric: 'quarantine_operations', help: 'Set aside since they could not be taken' },
  doubles: { metric: 'possible_doubles', help: 'Doses and dispenses that may have happened twice' },
  paperOpen: { metric: 'paper_forms_open', help: 'Paper forms that are issued and neither entered, unused nor lost' },
  packAgeMinutes: { metric: 'pack_age_minutes', help: 'Age of the oldest newest pack of a ward' },
  scrubAgeHours: { metric: 'scrub_age_hours', help: 'Since all blobs were last read through' },
  blobs: { metric: 'blobs', help: 'Blobs known here' },
  blobsSingle: { metric: 'blobs_single', help: 'Blobs of which there is one copy only' },
  recordsDamaged: {
    metric: 'records_damaged',
    help: 'Versions of the record that are damaged here and were not healed',
  },
  blobsDamaged: { metric: 'blobs_damaged', help: 'Blobs that are damaged or lost and were not healed' },
} satisfies Readonly<Record<string, NumberFacts>>;

export type NumberName = keyof typeof numberFacts;
export const numberNames = Object.keys(numberFacts) as NumberName[];

/** Undefined: nobody can tell, or it does not apply to this node. */
export type Numbers = Readonly<Partial<Record<NumberName, number>>>;
