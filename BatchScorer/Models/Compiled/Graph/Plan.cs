namespace BatchScorer.Models.Compiled.Graph;

/// <summary>Which kernels run, in what order, and how many rows at a time.</summary>
internal static class Plan
{
    /// <summary>Rows a block has at most: few enough for its columns to stay in the processor's caches.</summary>
    private const int MostRows = 256;

    /// <summary>Values that all columns of a block have at most, unless one row alone has more: 8 MB of floats.</summary>
    private const int BlockValues = 1 << 21;

    /// <summary>Values that one row has at most over all columns: 256 MB of floats.</summary>
    private const long RowValues = 1 << 26;

    /// <summary>Values that the inputs of one row have at most, which whole batches of rows are made for.</summary>
    private const long InputValues = 1 << 14;

    /// <summary>
    /// The kernels that answers depend on, and no others: inputs first, in the schema's order, then each after what it is made from.
    /// </summary>
    public static Kernel[] Order(ModelFile file, IEnumerable<InputColumn?> inputs, IReadOnlyCollection<Kernel> answers)
    {
        var ordered = new List<Kernel>();
        var seen = new HashSet<Kernel>();
        var open = new Stack<(Kernel Kernel, bool AreSourcesDone)>(answers.Reverse().Select(answer => (answer, false)));
        while (open.TryPop(out var next))
        {
            if (next.AreSourcesDone)
            {
                ordered.Add(next.Kernel);
            }
            else if (seen.Add(next.Kernel))
            {
                open.Push((next.Kernel, true));
                for (var i = next.Kernel.Sources.Length - 1; i >= 0; i--)
                    open.Push((next.Kernel.Sources[i], false));
            }
        }

        Kernel[] kernels = [.. inputs.OfType<InputColumn>().Where(seen.Contains), .. ordered.Where(kernel => kernel is not InputColumn)];
        if (kernels.Sum(kernel => Math.Max(kernel.RowValues, kernel.Type.Width)) is var width && width > RowValues)
            throw ModelFault.In(file.Name, $"its steps make {width:N0} values for each row; at most {RowValues:N0} are held in memory");
        if (kernels.OfType<InputColumn>().Sum(input => input.RowValues) is var read && read > InputValues)
            throw ModelFault.In(file.Name, $"its steps read {read:N0} values from each row; at most {InputValues:N0} are read");
        foreach (var answer in kernels.Where(kernel => answers.Contains(kernel)))
            answer.IsReadDensely = true;
        Number(kernels);
        return kernels;
    }

    /// <summary>Rows a block of these kernels has.</summary>
    public static int BlockRows(IEnumerable<Kernel> kernels) =>
        (int)Math.Clamp(BlockValues / Math.Max(1, kernels.Sum(kernel => kernel.RowValues)), 1, MostRows);

    private static void Number(Kernel[] kernels)
    {
        for (var slot = kernels.Length - 1; slot >= 0; slot--)
        {
            var kernel = kernels[slot];
            kernel.Slot = slot;
            foreach (var source in kernel.Sources)
                source.IsReadDensely |= !kernel.ReadsSparse;
            if (!kernel.NeedsStoredSlots && !kernel.TracksStoredSlots)
                continue;
            foreach (var source in kernel.Sources)
                source.TracksStoredSlots = source.MayBeSparse;
        }
    }
}
