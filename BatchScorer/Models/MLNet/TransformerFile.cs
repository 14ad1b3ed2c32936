using System.Runtime.InteropServices;
using BatchScorer.Errors;
using Microsoft.ML;

namespace BatchScorer.Models.MLNet;

/// <summary>Has ML.NET load a model from the bytes that were hashed.</summary>
internal static class TransformerFile
{
    /// <exception cref="BatchScorerException">ML.NET cannot load it, or cannot score row by row with it.</exception>
    public static (ITransformer Transformer, DataViewSchema Schema) Load(MLContext context, ModelFile file)
    {
        if (!MemoryMarshal.TryGetArray(file.Bytes, out var bytes))
            bytes = file.Bytes.ToArray();
        using var stream = new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false);

        var transformer = context.Model.Load(stream, out var schema);
        if (schema is null)
            throw ModelFault.In(file.Name, "says nothing of its input columns; save the model again together with its input schema");
        if (!transformer.IsRowToRowMapper)
            throw ModelFault.In(file.Name, "has a step that needs other rows to score a row; only models that score each row by itself can be used");
        return (transformer, schema);
    }

    /// <summary>Turns what ML.NET throws at a file it cannot use into one line that says so.</summary>
    /// <remarks>
    /// A damaged file can lead ML.NET into any exception there is, from a bad index to an array too large; whichever it is,
    /// the fault is the file's.
    /// </remarks>
    public static T Guard<T>(ModelFile file, Func<T> use)
    {
        try
        {
            return use();
        }
        catch (Exception cause) when (cause is not BatchScorerException)
        {
            throw ModelFault.In(file.Name, $"ML.NET cannot use it: {Reason(cause.GetBaseException())}; expected a model.zip that ML.NET saved", cause);
        }
    }

    private static string Reason(Exception cause) => cause switch
    {
        FileNotFoundException { FileName: { } assembly } => $"it has a step from the package of {assembly.Split(',')[0]}, which this build lacks",
        FormatException when cause.Message == new FormatException().Message => "one of its parts is corrupt",
        _ => cause.Message.Split('\n')[0].Trim().TrimEnd('.'),
    };
}
