using System.Linq.Expressions;
using System.Reflection;
using System.Text;
using BatchScorer.Batches;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BatchScorer.Models.MLNet;

/// <summary>Makes the code that moves an answer object's values into a batch's row. Values are neither boxed nor made into strings.</summary>
internal static class AnswerReader
{
    private static readonly byte[][] NoLabels = [];

    /// <summary>Compiles code that moves the fields into the columns, one each, in the same order.</summary>
    public static Action<TAnswer, Column[], int> Compile<TAnswer>(IReadOnlyList<(DataViewSchema.Column Column, FieldInfo Field)> outputs)
    {
        var answer = Expression.Parameter(typeof(TAnswer), "answer");
        var columns = Expression.Parameter(typeof(Column[]), "columns");
        var row = Expression.Parameter(typeof(int), "row");
        var moves = outputs.Select((output, i) =>
        {
            var labels = KeyLabels.Has(output.Column) ? KeyLabels.Read(output.Column) : NoLabels;
            return Expression.Call(
                Mover(output.Field.FieldType, labels.Length > 0),
                Expression.Field(answer, output.Field), Expression.ArrayIndex(columns, Expression.Constant(i)), row, Expression.Constant(labels));
        });
        return Expression.Lambda<Action<TAnswer, Column[], int>>(Expression.Block(typeof(void), moves), answer, columns, row).Compile();
    }

    private static MethodInfo Mover(Type field, bool labelled) => field switch
    {
        _ when labelled => Method(field == typeof(uint) ? nameof(MoveLabel) : nameof(MoveLabels)),
        _ when field == typeof(ReadOnlyMemory<char>) => Method(nameof(MoveText)),
        _ when field == typeof(VBuffer<ReadOnlyMemory<char>>) => Method(nameof(MoveTexts)),
        { IsGenericType: true } => Method(nameof(MoveVector)).MakeGenericMethod(field.GetGenericArguments()),
        _ => Method(nameof(MoveValue)).MakeGenericMethod(field),
    };

    private static MethodInfo Method(string name) => typeof(AnswerReader).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!;

    private static void MoveValue<T>(in T field, Column column, int row, byte[][] labels)
        where T : unmanaged => ((Column<T>)column).Values[row] = field;

    private static void MoveVector<T>(in VBuffer<T> field, Column column, int row, byte[][] labels)
        where T : unmanaged => field.CopyTo(((Column<T>)column).Row(row));

    private static void MoveText(in ReadOnlyMemory<char> field, Column column, int row, byte[][] labels) =>
        Encode(field.Span, (TextColumn)column);

    private static void MoveTexts(in VBuffer<ReadOnlyMemory<char>> field, Column column, int row, byte[][] labels)
    {
        foreach (var text in field.DenseValues())
            Encode(text.Span, (TextColumn)column);
    }

    private static void MoveLabel(in uint field, Column column, int row, byte[][] labels) => ((TextColumn)column).Append(labels[field]);

    private static void MoveLabels(in VBuffer<uint> field, Column column, int row, byte[][] labels)
    {
        foreach (var key in field.DenseValues())
            ((TextColumn)column).Append(labels[key]);
    }

    private static void Encode(ReadOnlySpan<char> text, TextColumn column)
    {
        Span<byte> room = stackalloc byte[256];
        column.Append(Encoding.UTF8.TryGetBytes(text, room, out var written) ? room[..written] : Encoding.UTF8.GetBytes(text.ToArray()));
    }
}
