using CsvHelper;

namespace BatchScorer.Cli.Demo;

/// <summary>A row of <c>demo.customers</c>. What is missing is null.</summary>
[CsvRecord]
internal sealed partial record DemoCustomer
{
    public required long CustomerId { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required int TenureMonths { get; init; }

    public required decimal? MonthlyCharges { get; init; }

    public required decimal? TotalCharges { get; init; }

    public required int ContractMonthsLeft { get; init; }

    public required int Seats { get; init; }

    public required int DiscountPct { get; init; }

    public required float PriceIncreasePct { get; init; }

    public required float? DataUsageGb { get; init; }

    public required int LoginsPerMonth { get; init; }

    public required int? DaysSinceLogin { get; init; }

    public required int SupportCalls { get; init; }

    public required int LatePayments { get; init; }

    public required int? NpsScore { get; init; }

    public required float? SeatUtilization { get; init; }

    public required string Plan { get; init; }

    public required string? Region { get; init; }

    public required string? PaymentMethod { get; init; }

    public required string? AcquisitionChannel { get; init; }

    public required bool AutoPay { get; init; }

    public required bool MobileApp { get; init; }

    public required bool Churned { get; init; }
}
