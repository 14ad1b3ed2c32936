using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using BatchScorer.Batches;
using Microsoft.ML.Data;

namespace BatchScorer.Models.MLNet;

/// <summary>Makes the code that moves a batch's row into a row object. Values are neither boxed nor made into strings.</summary>
internal static class RowFiller
{
    /// <summary>Compiles code that fills the fields from the columns, one each, in the same order.</summary>
    public static Action<Column[], int, TRow> Compile<TRow>(IReadOnlyList<FieldInfo> fields)
    {
        var columns = Expression.Parameter(typeof(Column[]), "columns");
        var index = Expression.Parameter(typeof(int), "index");
        var row = Expression.Parameter(typeof(TRow), "row");
        var moves = fields.Select((field, i) => Expression.Call(
            Mover(field.FieldType), Expression.ArrayIndex(columns, Expression.Constant(i)), index, Expression.Field(row, field)));
        return Expression.Lambda<Action<Column[], int, TRow>>(Expression.Block(typeof(void), moves.Append<Expression>(Expression.Empty())), columns, index, row).Compile();
    }

    private static MethodInfo Mover(Type field) => field switch
    {
        _ when field == typeof(ReadOnlyMemory<char>) => Method(nameof(MoveText)),
        _ when field == typeof(VBuffer<ReadOnlyMemory<char>>) => Method(nameof(MoveTexts)),
        { IsGenericType: true } => Method(nameof(MoveVector)).MakeGenericMethod(field.GetGenericArguments()),
        _ => Method(nameof(MoveValue)).MakeGenericMethod(field),
    };

    private static MethodInfo Method(string name) => typeof(RowFiller).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!;

    private static void MoveValue<T>(Column column, int row, ref T field)
        where T : unmanaged => field = ((Column<T>)column).Values[row];

    private static void MoveVector<T>(Column column, int row, ref VBuffer<T> field)
        where T : unmanaged
    {
        var editor = VBufferEditor.Create(ref field, column.Type.Width);
        ((Column<T>)column).Row(row).CopyTo(editor.Values);
        field = editor.Commit();
    }

    private static void MoveText(Column column, int row, ref ReadOnlyMemory<char> field) => Decode(((TextColumn)column)[row], ref field);

    private static void MoveTexts(Column column, int row, ref VBuffer<ReadOnlyMemory<char>> field)
    {
        var editor = VBufferEditor.Create(ref field, column.Type.Width);
        for (var i = 0; i < editor.Values.Length; i++)
            Decode(((TextColumn)column)[(row * column.Type.Width) + i], ref editor.Values[i]);
        field = editor.Commit();
    }

    /// <summary>Decodes into the array behind the row's last text, if it is long enough: ML.NET keeps no text beyond its row.</summary>
    private static void Decode(ReadOnlySpan<byte> utf8, ref ReadOnlyMemory<char> field)
    {
        if (!MemoryMarshal.TryGetArray(field, out var room) || room.Array is null || room.Array.Length < utf8.Length)
            room = new char[Math.Max(32, utf8.Length * 2)];
        field = room.Array.AsMemory(0, Encoding.UTF8.GetChars(utf8, room.Array));
    }
}
