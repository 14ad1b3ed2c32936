using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using BatchScorer.Batches;
using BatchScorer.Errors;
using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;
using BatchScorer.Models.Compiled.Steps;

namespace BatchScorer.Models.Compiled;

/// <summary>
/// A model turned into columnar kernels. A batch is scored in blocks of rows, kernel by kernel, each kernel column by column.
/// </summary>
internal sealed class CompiledModel : IModel
{
    private readonly Kernel[] kernels;
    private readonly Kernel[] answers;
    private readonly int blockRows;
    private readonly ConcurrentBag<Block> idleBlocks = [];

    private CompiledModel(Kernel[] kernels, ModelSchema schema, Kernel[] answers)
    {
        this.kernels = kernels;
        this.answers = answers;
        blockRows = Plan.BlockRows(kernels);
        Schema = schema;
    }

    public string Engine => "Compiled";

    public ModelSchema Schema { get; }

    public bool AddsFloats => kernels.Any(kernel => kernel.NeedsStoredSlots);

    /// <summary>Compiles a model.</summary>
    /// <param name="file">The model.</param>
    /// <param name="outputs">
    /// The columns to answer; null for those that the predictor and the steps behind it make, or, in a model without a
    /// predictor, for all that its steps make.
    /// </param>
    /// <exception cref="BatchScorerException">The model is damaged, or has a step that this engine does not score.</exception>
    public static CompiledModel Load(ModelFile file, IReadOnlyCollection<string>? outputs = null) =>
        TryLoad(file, out var model, out var reason, outputs)
            ? model
            : throw ModelFault.In(file.Name, $"the Compiled engine cannot score it: {reason}; the MLNet engine could (\"engine\": \"mlnet\")");

    /// <summary>Compiles a model whose steps may be unknown.</summary>
    /// <param name="file">The model.</param>
    /// <param name="model">The compiled model.</param>
    /// <param name="reason">Which steps this engine does not score, and why; a clause for a message.</param>
    /// <param name="outputs">
    /// The columns to answer; null for those that the predictor and the steps behind it make, or, in a model without a
    /// predictor, for all that its steps make.
    /// </param>
    /// <exception cref="BatchScorerException">The model is damaged.</exception>
    public static bool TryLoad(
        ModelFile file,
        [NotNullWhen(true)] out CompiledModel? model,
        [NotNullWhen(false)] out string? reason,
        IReadOnlyCollection<string>? outputs = null)
    {
        (model, reason) = (null, null);
        if (KnownSteps.Missing(ModelSteps.List(file)) is { Count: > 0 } missing)
        {
            reason = $"it does not know {string.Join(", ", missing.Select(step => $"{step.Signature} ({step.Path})"))}";
            return false;
        }

        try
        {
            var root = ModelSteps.Root(file);
            var columns = InputSchema.Read(file);
            var graph = new ModelGraph(columns);
            StepTable.Compile(root, graph);
            var answers = graph.Answers(file, outputs).Select(answer => (answer.Name, Kernel: Labelled(answer.Kernel))).ToArray();
            var kernels = Plan.Order(file, columns.Select(column => graph.Input(column.Name)), [.. answers.Select(answer => answer.Kernel)]);
            model = new CompiledModel(kernels, Describe(kernels, answers), [.. answers.Select(answer => answer.Kernel)]);
            return true;
        }
        catch (UnsupportedStepException unsupported)
        {
            reason = unsupported.Message;
            return false;
        }
    }

    public void Score(Batch inputs, Batch outputs, ICollection<RowFault> faults)
    {
        Require(inputs, Schema.Inputs, nameof(inputs));
        Require(outputs, Schema.Outputs, nameof(outputs));
        outputs.Truncate(0);
        outputs.RowCount = inputs.RowCount;
        if (!idleBlocks.TryTake(out var block))
            block = new Block(kernels, blockRows);
        for (var start = 0; start < inputs.RowCount; start += block.Capacity)
        {
            block.Begin(inputs, start, Math.Min(block.Capacity, inputs.RowCount - start));
            foreach (var kernel in kernels)
                kernel.Run(block);
            for (var i = 0; i < answers.Length; i++)
                Answer.Copy(block, answers[i], outputs.Columns[i], start);
            block.ReportFaults(faults);
        }

        idleBlocks.Add(block);
    }

    public void Dispose() => idleBlocks.Clear();

    /// <summary>Kernels trust the types of columns, so they are looked at once a batch.</summary>
    private static void Require(Batch batch, IReadOnlyList<ModelColumn> columns, string parameter)
    {
        var isRight = batch.Columns.Count == columns.Count;
        for (var i = 0; isRight && i < columns.Count; i++)
            isRight = batch.Columns[i].Name == columns[i].Name && batch.Columns[i].Type == columns[i].Type;
        if (!isRight)
            throw new ArgumentException("The batch is not of this model's schema.", parameter);
    }

    /// <summary>A key that stands for something is answered as that.</summary>
    private static Kernel Labelled(Kernel answer) =>
        answer.Type.Kind == ValueKind.Key && answer.KeyValues is { } values ? new KeyTexts(answer.Name, answer, values.Texts()) : answer;

    private static ModelSchema Describe(Kernel[] kernels, (string Name, Kernel Kernel)[] answers) => new(
        [.. kernels.OfType<InputColumn>().Select(input => new ModelColumn(input.Name, input.Type))],
        [.. answers.Select(answer => new ModelColumn(answer.Name, answer.Kernel.Type))]);
}
