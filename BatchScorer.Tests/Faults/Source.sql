-- The source of the fault campaign: the demo's customers, with a memory of what each row has ever been.

-- Grows with each change.
CREATE SEQUENCE changes;
ALTER TABLE customers ADD change_no bigint NOT NULL DEFAULT nextval('changes');

-- golden_id: the customer whose inputs the row has, and whose score is therefore the right one; null for a row that must be rejected.
-- Jobs carry it to their predictions.
ALTER TABLE customers ADD golden_id bigint;
UPDATE customers SET golden_id = customer_id;
CREATE TABLE golden AS TABLE customers;
ALTER TABLE golden ADD PRIMARY KEY (customer_id);
UPDATE customers SET auto_pay = NULL, golden_id = NULL WHERE customer_id % 97 = 0;

-- What ML.NET answers for each golden row, by model.
CREATE TABLE reference (model_sha256 text, golden_id bigint, score real, PRIMARY KEY (model_sha256, golden_id));

-- Each version of each row, those too that the same transaction has changed again.
CREATE TABLE history (customer_id bigint, updated_at timestamptz, change_no bigint, golden_id bigint);
INSERT INTO history SELECT customer_id, updated_at, change_no, golden_id FROM customers;
CREATE INDEX ON history (customer_id, updated_at);
CREATE FUNCTION remember() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO history VALUES (NEW.customer_id, NEW.updated_at, NEW.change_no, NEW.golden_id);
    RETURN NEW;
END $$;
CREATE TRIGGER remember AFTER INSERT OR UPDATE ON customers FOR EACH ROW EXECUTE FUNCTION remember();

-- A customer changes, and looks like that golden row from now on; like none, to be rejected, where that is null. A new one is added.
-- Its cursor has to grow: now() alone goes back where one who began first has waited for another's change of the same row.
CREATE FUNCTION become(customer bigint, golden bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO customers
    SELECT (jsonb_populate_record(example, jsonb_build_object('customer_id', become.customer, 'updated_at', now(), 'change_no', nextval('changes')))).*
    FROM golden AS example WHERE example.customer_id = (SELECT min(customer_id) FROM golden)
    ON CONFLICT DO NOTHING;

    UPDATE customers AS changed
    SET (updated_at, change_no, golden_id, auto_pay, tenure_months, monthly_charges, total_charges, contract_months_left, seats, discount_pct, price_increase_pct,
         data_usage_gb, logins_per_month, days_since_login, support_calls, late_payments, nps_score, seat_utilization,
         plan, region, payment_method, acquisition_channel, mobile_app)
      = (SELECT greatest(now(), changed.updated_at + interval '1 microsecond'), nextval('changes'), become.golden,
                CASE WHEN become.golden IS NOT NULL THEN auto_pay END, tenure_months, monthly_charges, total_charges, contract_months_left, seats, discount_pct,
                price_increase_pct, data_usage_gb, logins_per_month, days_since_login, support_calls, late_payments, nps_score, seat_utilization,
                plan, region, payment_method, acquisition_channel, mobile_app
         FROM golden WHERE golden.customer_id = coalesce(become.golden, (SELECT min(customer_id) FROM golden)))
    WHERE changed.customer_id = become.customer
$$;
