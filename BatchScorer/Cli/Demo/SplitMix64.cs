namespace BatchScorer.Cli.Demo;

/// <summary>
/// The random numbers of the demo's customers: Steele, Lea and Flood's SplitMix64, and the distributions that
/// <see cref="DemoCustomers"/> draws from. The same seed gives the same numbers on every machine.
/// </summary>
internal sealed class SplitMix64(ulong seed)
{
    private ulong state = seed;

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        state += 0x9E3779B97F4A7C15;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Uniform in [0, 1), in steps of 2⁻⁵³.</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Whether something of this probability happens.</summary>
    public bool Happens(double probability) => Uniform() < probability;

    /// <summary>Normal with mean 0 and deviation 1, by Box and Muller.</summary>
    public double Normal()
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - Uniform()));
        return radius * Math.Cos(2 * Math.PI * Uniform());
    }

    /// <summary>Poisson, by Knuth's product of uniforms.</summary>
    public int Poisson(double mean)
    {
        var limit = Math.Exp(-mean);
        var (count, product) = (0, 1.0);
        do
        {
            count++;
            product *= Uniform();
        }
        while (product > limit);
        return count - 1;
    }

    /// <summary>An index, as likely as its weight is of their sum.</summary>
    public int Pick(params ReadOnlySpan<double> weights)
    {
        var sum = 0.0;
        foreach (var weight in weights)
            sum += weight;
        var place = Uniform() * sum;
        var running = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            running += weights[i];
            if (running > place)
                return i;
        }

        return weights.Length - 1;
    }
}
