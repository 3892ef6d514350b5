-- CreateIndex
CREATE INDEX CONCURRENTLY "import_runs_finished_at_idx" ON "import_runs"("finished_at");
