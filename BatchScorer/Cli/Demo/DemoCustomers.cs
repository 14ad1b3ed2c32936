namespace BatchScorer.Cli.Demo;

/// <summary>
/// Invents the customers of a subscription service, as many as are asked for; the first 20,000 are those of
/// <c>jobs/samples/customers.csv</c>. The draws of a customer come in a fixed order, since each one moves the generator on.
/// </summary>
internal sealed class DemoCustomers
{
    private const ulong Seed = 20260301;
    private const long FirstId = 100_001;
    private const double MissingShare = 0.02;

    private static readonly DateTimeOffset FirstUpdate = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] Plans = ["basic", "standard", "premium", "enterprise"];
    private static readonly string[] Regions = ["north", "south", "east", "west", "central", "islands"];
    private static readonly string[] PaymentMethods = ["card", "debit", "transfer", "wallet", "invoice"];
    private static readonly string[] Channels = ["web", "retail", "referral", "partner", "sales"];
    private static readonly double[] AutoPayShares = [0.75, 0.95, 0.10, 0.55, 0.10];
    private static readonly double[] MeanSeats = [0, 1, 6, 50];
    private static readonly int[] Discounts = [0, 5, 10, 20, 30];
    private static readonly double[] Prices = [19, 39, 69, 129];

    private readonly SplitMix64 random = new(Seed);

    /// <summary>All customers there could be, in the order of their ids.</summary>
    public static IEnumerable<DemoCustomer> Generate()
    {
        var customers = new DemoCustomers();
        for (var id = FirstId; ; id++)
            yield return customers.Next(id);
    }

    private DemoCustomer Next(long id)
    {
        var plan = random.Pick(0.40, 0.33, 0.19, 0.08);
        var region = random.Pick(0.24, 0.21, 0.19, 0.22, 0.10, 0.04);
        var payment = random.Pick(0.38, 0.27, 0.15, 0.12, 0.08);
        var channel = random.Pick(0.42, 0.19, 0.16, 0.13, 0.10);
        var autoPay = random.Happens(AutoPayShares[payment]);
        var mobileApp = random.Happens(0.62);
        var tenure = (int)(72 * Math.Pow(random.Uniform(), 1.4));
        var contract = DrawContract();
        var seats = plan == 0 ? 1 : 1 + random.Poisson(MeanSeats[plan]);
        var discount = Discounts[random.Pick(0.62, 0.15, 0.13, 0.07, 0.03)];
        var monthly = Round(
            Prices[plan] * (1 + 0.35 * Math.Log(seats)) * (1 - discount / 100.0) * Math.Max(0.5, 1 + 0.08 * random.Normal()), 2);
        var increase = DrawPriceIncrease();
        var total = Round(monthly * tenure * Math.Max(0.5, 1 + 0.05 * random.Normal()), 2);
        var usage = Round(Math.Exp(2.2 + 0.45 * plan + 0.7 * random.Normal()), 1);
        var satisfaction = random.Normal();
        var logins = random.Poisson(Math.Exp(2.3 + 0.35 * satisfaction + (mobileApp ? 0.25 : 0)));
        var daysSinceLogin = random.Poisson(30.0 / (1 + logins));
        var calls = random.Poisson(Math.Exp(0.1 - 0.45 * satisfaction));
        var latePayments = random.Poisson(autoPay ? 0.15 : 0.9);
        var nps = Math.Clamp(Round(7 + 1.5 * satisfaction + 1.2 * random.Normal(), 0), 0, 10);
        var utilization = Round(Math.Clamp(0.62 + 0.15 * satisfaction + 0.15 * random.Normal(), 0, 1), 2);

        var inclination = -2.8
            + 1.6 * Math.Exp(-tenure / 10.0)
            + (contract == 0 ? 0.8 : -0.05 * contract)
            + 0.45 * Math.Min(calls, 6)
            + 0.5 * latePayments
            - 0.55 * (Math.Log(1 + logins) - 2.4)
            + 0.08 * Math.Min(daysSinceLogin, 20)
            + 0.06 * increase
            - 0.02 * discount
            - 0.28 * (nps - 7)
            - 1.5 * (utilization - 0.6)
            + OfPlan(plan) + OfRegion(region) + OfPayment(payment) + OfChannel(channel)
            + (!mobileApp && daysSinceLogin > 5 ? 0.6 : 0)
            + (increase > 10 && contract == 0 ? 0.7 : 0);
        var churned = random.Happens(1 / (1 + Math.Exp(-inclination)));
        var updatedAt = FirstUpdate.AddSeconds((long)(random.Uniform() * 30 * 86400));

        return new DemoCustomer
        {
            CustomerId = id,
            UpdatedAt = updatedAt,
            TenureMonths = tenure,
            MonthlyCharges = OrMissing((decimal)monthly),
            TotalCharges = OrMissing((decimal)total),
            ContractMonthsLeft = contract,
            Seats = seats,
            DiscountPct = discount,
            PriceIncreasePct = (float)increase,
            DataUsageGb = OrMissing((float)usage),
            LoginsPerMonth = logins,
            DaysSinceLogin = OrMissing(daysSinceLogin),
            SupportCalls = calls,
            LatePayments = latePayments,
            NpsScore = OrMissing((int)nps),
            SeatUtilization = OrMissing((float)utilization),
            Plan = Plans[plan],
            Region = OrMissing(Regions[region]),
            PaymentMethod = OrMissing(PaymentMethods[payment]),
            AcquisitionChannel = OrMissing(Channels[channel]),
            AutoPay = autoPay,
            MobileApp = mobileApp,
            Churned = churned,
        };
    }

    private int DrawContract()
    {
        var (none, months) = (random.Happens(0.45), random.Uniform());
        return none ? 0 : 1 + (int)(24 * months);
    }

    private double DrawPriceIncrease()
    {
        var (none, size) = (random.Happens(0.7), random.Uniform());
        return none ? 0 : Round(2 + 16 * size, 1);
    }

    private static double OfPlan(int plan) => plan switch { 0 => 0.25, 2 => -0.2, 3 => -0.7, _ => 0 };

    private static double OfRegion(int region) => region switch { 4 => 0.15, 5 => 0.4, _ => 0 };

    private static double OfPayment(int payment) => payment switch { 1 => -0.1, 2 => 0.15, 3 => 0.1, 4 => 0.25, _ => 0 };

    private static double OfChannel(int channel) => channel switch { 1 => 0.2, 2 => -0.4, 4 => -0.1, _ => 0 };

    private T? OrMissing<T>(T value)
        where T : struct => random.Happens(MissingShare) ? null : value;

    private string? OrMissing(string value) => random.Happens(MissingShare) ? null : value;

    private static double Round(double value, int decimals) => Math.Round(value, decimals, MidpointRounding.AwayFromZero);
}
