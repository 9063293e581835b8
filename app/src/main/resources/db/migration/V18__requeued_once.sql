-- A job that ended is worked on again as one other job, and not as two.
ALTER TABLE evolution_jobs ADD COLUMN requeue_of uuid REFERENCES evolution_jobs (id) ON DELETE SET NULL;
CREATE UNIQUE INDEX uq_evolution_jobs_requeue_of ON evolution_jobs (requeue_of) WHERE requeue_of IS NOT NULL;
