-- The history of one flag is read without walking through that of its project.
-- CreateIndex
CREATE INDEX "audit_entry_project_id_subject_sequence_idx" ON "audit_entry"("project_id", "subject", "sequence");
