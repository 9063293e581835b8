-- Draws follow the order in which cells were occupied, so a restart must find the same one. Cells of one transaction have one
-- time; this number tells them apart.
ALTER TABLE map_elites_archive_cells ADD COLUMN occupied bigint GENERATED ALWAYS AS IDENTITY;

COMMENT ON COLUMN job_stages.commit_hash IS 'the candidate that a coding stage left, absent where it changed nothing; or the commit that an evaluation measured';
COMMENT ON COLUMN evolution_jobs.ingestion_delta IS 'by how much the objective exceeded what the cell asked for; absent where no cell was asked';
COMMENT ON COLUMN best_history.draw IS 'absent for the root alone';
