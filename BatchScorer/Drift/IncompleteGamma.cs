namespace BatchScorer.Drift;

/// <summary>The regularized upper incomplete gamma function.</summary>
internal static class IncompleteGamma
{
    private const double Precision = 1e-15;

    /// <summary><c>Q(a, x) = Γ(a, x) / Γ(a)</c>, of which the chi-squared distribution's tail is <c>Q(k/2, x/2)</c>.</summary>
    /// <remarks>DLMF 8.11.4 (series) below a + 1, 8.9.2 (continued fraction, by Lentz's method) above.</remarks>
    public static double Upper(double a, double x)
    {
        if (x <= 0)
            return 1;
        var scale = Math.Exp(a * Math.Log(x) - x - LogGamma(a));
        return x < a + 1 ? 1 - scale * Series(a, x) : scale * Fraction(a, x);
    }

    private static double Series(double a, double x)
    {
        var (term, sum) = (1 / a, 1 / a);
        for (var n = 1; term > sum * Precision; n++)
            sum += term *= x / (a + n);
        return sum;
    }

    private static double Fraction(double a, double x)
    {
        var b = x + 1 - a;
        var (c, d) = (double.MaxValue, 1 / b);
        var (value, factor) = (d, 0.0);
        for (var n = 1; Math.Abs(factor - 1) > Precision && n < 10_000; n++)
        {
            var next = -n * (n - a);
            b += 2;
            d = 1 / (next * d + b);
            c = b + next / c;
            factor = c * d;
            value *= factor;
        }

        return value;
    }

    /// <summary><c>ln Γ(a)</c> for a &gt; 0, by Stirling's series (DLMF 5.11.1) where that is exact, to which smaller numbers are led up.</summary>
    private static double LogGamma(double a)
    {
        var product = 1.0;
        for (; a < 15; a++)
            product *= a;
        var square = a * a;
        var series = (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - 1.0 / 1680 / square) / square) / square) / a;
        return (a - 0.5) * Math.Log(a) - a + Math.Log(2 * Math.PI) / 2 + series - Math.Log(product);
    }
}
