-- The history of operations: pages and windows of time from the first two indexes alone, counts of everything from the third.
CREATE INDEX sync_operations_by_start ON sync_operations (started_at, id, connection_id, status, finished_at);
CREATE INDEX sync_operations_by_connection_start ON sync_operations (connection_id, started_at, id);
CREATE INDEX sync_operations_by_outcome ON sync_operations (status, connection_id);

-- When a connection was last read to the end, and of which day its data is, which every screen shows.
CREATE INDEX sync_operations_last_completed ON sync_operations (connection_id, finished_at) WHERE status = 'completed';
CREATE INDEX sync_operations_last_as_of ON sync_operations (connection_id, as_of) WHERE status = 'completed';
