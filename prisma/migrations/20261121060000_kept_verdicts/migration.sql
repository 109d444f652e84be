-- Not expressible in schema.prisma, so written by hand.

-- An attempt that runs has moved what others see, and one that was judged is the proof of why it ended as it did:
-- neither is taken away, nor the release that they belong to. Retention forgets observations, and nothing else.
CREATE FUNCTION "refuse_forgotten_rollout"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD."status" = 'running' THEN
        RAISE EXCEPTION 'the attempt is running' USING ERRCODE = 'SL003';
    END IF;
    IF EXISTS (SELECT FROM "verdict" WHERE "rollout_id" = OLD."id") THEN
        RAISE EXCEPTION 'the attempt was judged' USING ERRCODE = 'SL003';
    END IF;
    RETURN OLD;
END;
$$;

CREATE TRIGGER "rollout_kept" BEFORE DELETE ON "rollout"
    FOR EACH ROW EXECUTE FUNCTION "refuse_forgotten_rollout"();

CREATE FUNCTION "refuse_forgotten_release"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM "rollout"
        WHERE "release_id" = OLD."id"
            AND ("status" = 'running' OR EXISTS (SELECT FROM "verdict" WHERE "rollout_id" = "rollout"."id"))
    ) THEN
        RAISE EXCEPTION 'the release has attempts that run or were judged' USING ERRCODE = 'SL003';
    END IF;
    RETURN OLD;
END;
$$;

CREATE TRIGGER "release_kept" BEFORE DELETE ON "release"
    FOR EACH ROW EXECUTE FUNCTION "refuse_forgotten_release"();
