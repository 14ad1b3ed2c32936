using BatchScorer.Errors;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace BatchScorer.Cli.Demo;

/// <summary>The table <c>demo.customers</c>, and <c>demo.outcomes</c>, into which what became of them comes later.</summary>
internal static class CustomersTable
{
    private const string Create =
        """
        CREATE SCHEMA IF NOT EXISTS demo;
        CREATE TABLE demo.customers (
            customer_id          bigint NOT NULL,
            updated_at           timestamptz NOT NULL,
            tenure_months        integer NOT NULL,
            monthly_charges      numeric(12, 2),
            total_charges        numeric(14, 2),
            contract_months_left integer NOT NULL,
            seats                integer NOT NULL,
            discount_pct         integer NOT NULL,
            price_increase_pct   real NOT NULL,
            data_usage_gb        real,
            logins_per_month     integer NOT NULL,
            days_since_login     integer,
            support_calls        integer NOT NULL,
            late_payments        integer NOT NULL,
            nps_score            integer,
            seat_utilization     real,
            plan                 text NOT NULL,
            region               text,
            payment_method       text,
            acquisition_channel  text,
            auto_pay             boolean NOT NULL,
            mobile_app           boolean NOT NULL,
            churned              boolean NOT NULL
        );
        CREATE TABLE demo.outcomes (
            customer_id bigint PRIMARY KEY,
            has_left    boolean NOT NULL,
            known_at    timestamptz NOT NULL
        );
        """;

    // After the rows are in: one sort is faster than an insertion a row.
    private const string Finish =
        """
        ALTER TABLE demo.customers ADD PRIMARY KEY (customer_id);
        CREATE INDEX customers_by_update ON demo.customers (updated_at);
        COMMENT ON TABLE demo.customers IS 'BatchScorer demo: invented customers of a subscription service';
        COMMENT ON COLUMN demo.customers.customer_id IS 'Number of the customer, from 100001 on';
        COMMENT ON COLUMN demo.customers.updated_at IS 'When the row was last changed';
        COMMENT ON COLUMN demo.customers.tenure_months IS 'Months since the customer came';
        COMMENT ON COLUMN demo.customers.monthly_charges IS 'What a month costs; null when not known, as in the other columns that may be null';
        COMMENT ON COLUMN demo.customers.total_charges IS 'What the customer has paid so far';
        COMMENT ON COLUMN demo.customers.contract_months_left IS 'Months until the contract ends; 0 without one';
        COMMENT ON COLUMN demo.customers.seats IS 'Users of the subscription';
        COMMENT ON COLUMN demo.customers.discount_pct IS 'Discount, in per cent';
        COMMENT ON COLUMN demo.customers.price_increase_pct IS 'Last price increase, in per cent; 0 without one';
        COMMENT ON COLUMN demo.customers.data_usage_gb IS 'Data used a month, in GB';
        COMMENT ON COLUMN demo.customers.logins_per_month IS 'Logins in the last month';
        COMMENT ON COLUMN demo.customers.days_since_login IS 'Days since the last login';
        COMMENT ON COLUMN demo.customers.support_calls IS 'Calls to the support in the last months';
        COMMENT ON COLUMN demo.customers.late_payments IS 'Payments that came late';
        COMMENT ON COLUMN demo.customers.nps_score IS 'Would they recommend the service, 0 to 10';
        COMMENT ON COLUMN demo.customers.seat_utilization IS 'Share of the seats in use, 0 to 1';
        COMMENT ON COLUMN demo.customers.plan IS 'basic, standard, premium or enterprise';
        COMMENT ON COLUMN demo.customers.region IS 'north, south, east, west, central or islands';
        COMMENT ON COLUMN demo.customers.payment_method IS 'card, debit, transfer, wallet or invoice';
        COMMENT ON COLUMN demo.customers.acquisition_channel IS 'web, retail, referral, partner or sales';
        COMMENT ON COLUMN demo.customers.auto_pay IS 'Whether payments are automatic';
        COMMENT ON COLUMN demo.customers.mobile_app IS 'Whether the mobile app is in use';
        COMMENT ON COLUMN demo.customers.churned IS 'What became of it: whether the customer left within 30 days; no input of the model';
        COMMENT ON TABLE demo.outcomes IS 'BatchScorer demo: who left, as it became known';
        COMMENT ON COLUMN demo.outcomes.customer_id IS 'The customer';
        COMMENT ON COLUMN demo.outcomes.has_left IS 'Whether the customer left within 30 days';
        COMMENT ON COLUMN demo.outcomes.known_at IS 'Since when that is known';
        """;

    private const string Copy =
        """
        COPY demo.customers (
            customer_id, updated_at, tenure_months, monthly_charges, total_charges, contract_months_left, seats, discount_pct,
            price_increase_pct, data_usage_gb, logins_per_month, days_since_login, support_calls, late_payments, nps_score,
            seat_utilization, plan, region, payment_method, acquisition_channel, auto_pay, mobile_app, churned
        ) FROM STDIN (FORMAT BINARY)
        """;

    private const string Learn =
        "INSERT INTO demo.outcomes SELECT customer_id, churned, clock_timestamp() FROM demo.customers ORDER BY customer_id LIMIT @most";

    /// <summary>Makes the tables and fills the first, all or nothing.</summary>
    /// <exception cref="BatchScorerException">A customer cannot be read.</exception>
    public static async Task CreateAsync(NpgsqlDataSource database, IEnumerable<DemoCustomer> customers, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(Create, cancellationToken: cancellationToken));
        await using (var import = await connection.BeginBinaryImportAsync(Copy, cancellationToken))
        {
            foreach (var customer in customers)
                await WriteAsync(import, customer, cancellationToken);
            await import.CompleteAsync(cancellationToken);
        }

        await connection.ExecuteAsync(new CommandDefinition(Finish, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition("ANALYZE demo.customers", cancellationToken: cancellationToken));
    }

    /// <summary>Has it become known now who left of the first customers, or of all.</summary>
    public static async Task LearnOutcomesAsync(NpgsqlDataSource database, int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(Learn, new { most }, cancellationToken: cancellationToken));
    }

    private static async Task WriteAsync(NpgsqlBinaryImporter import, DemoCustomer customer, CancellationToken cancellationToken)
    {
        await import.StartRowAsync(cancellationToken);
        await import.WriteAsync(customer.CustomerId, NpgsqlDbType.Bigint, cancellationToken);
        await import.WriteAsync(customer.UpdatedAt, NpgsqlDbType.TimestampTz, cancellationToken);
        await import.WriteAsync(customer.TenureMonths, NpgsqlDbType.Integer, cancellationToken);
        await WriteAsync(customer.MonthlyCharges, NpgsqlDbType.Numeric);
        await WriteAsync(customer.TotalCharges, NpgsqlDbType.Numeric);
        await import.WriteAsync(customer.ContractMonthsLeft, NpgsqlDbType.Integer, cancellationToken);
        await import.WriteAsync(customer.Seats, NpgsqlDbType.Integer, cancellationToken);
        await import.WriteAsync(customer.DiscountPct, NpgsqlDbType.Integer, cancellationToken);
        await import.WriteAsync(customer.PriceIncreasePct, NpgsqlDbType.Real, cancellationToken);
        await WriteAsync(customer.DataUsageGb, NpgsqlDbType.Real);
        await import.WriteAsync(customer.LoginsPerMonth, NpgsqlDbType.Integer, cancellationToken);
        await WriteAsync(customer.DaysSinceLogin, NpgsqlDbType.Integer);
        await import.WriteAsync(customer.SupportCalls, NpgsqlDbType.Integer, cancellationToken);
        await import.WriteAsync(customer.LatePayments, NpgsqlDbType.Integer, cancellationToken);
        await WriteAsync(customer.NpsScore, NpgsqlDbType.Integer);
        await WriteAsync(customer.SeatUtilization, NpgsqlDbType.Real);
        await import.WriteAsync(customer.Plan, NpgsqlDbType.Text, cancellationToken);
        await WriteTextAsync(customer.Region);
        await WriteTextAsync(customer.PaymentMethod);
        await WriteTextAsync(customer.AcquisitionChannel);
        await import.WriteAsync(customer.AutoPay, NpgsqlDbType.Boolean, cancellationToken);
        await import.WriteAsync(customer.MobileApp, NpgsqlDbType.Boolean, cancellationToken);
        await import.WriteAsync(customer.Churned, NpgsqlDbType.Boolean, cancellationToken);

        Task WriteAsync<T>(T? value, NpgsqlDbType type)
            where T : struct =>
            value is { } known ? import.WriteAsync(known, type, cancellationToken) : import.WriteNullAsync(cancellationToken);

        Task WriteTextAsync(string? value) =>
            value is null ? import.WriteNullAsync(cancellationToken) : import.WriteAsync(value, NpgsqlDbType.Text, cancellationToken);
    }
}
