using System.Reflection;
using System.Reflection.Emit;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BatchScorer.Models.MLNet;

/// <summary>The two classes of a model: a row as ML.NET reads it, and what it answers.</summary>
/// <param name="Row">Has a field for each column of the model's schema, needed or not: ML.NET wants even those it never reads.</param>
/// <param name="RowFields">The fields of the needed columns, in the order of <see cref="ModelSchema.Inputs"/>.</param>
/// <param name="Answer">Has a field for each output.</param>
/// <param name="AnswerColumns">The outputs, each with its field, in the order of <see cref="ModelSchema.Outputs"/>.</param>
internal sealed record RowTypes(
    Type Row, IReadOnlyList<FieldInfo> RowFields, Type Answer, IReadOnlyList<(DataViewSchema.Column Column, FieldInfo Field)> AnswerColumns)
{
    /// <summary>Makes the classes, in an assembly that is unloaded when the model is no longer used.</summary>
    public static RowTypes Emit(
        DataViewSchema schema, IReadOnlyList<DataViewSchema.Column> inputs, IReadOnlyList<DataViewSchema.Column> outputs)
    {
        var module = AssemblyBuilder
            .DefineDynamicAssembly(new AssemblyName("BatchScorer.Rows"), AssemblyBuilderAccess.RunAndCollect)
            .DefineDynamicModule("BatchScorer.Rows");
        var row = EmitClass(module, "Row", [.. schema.Where(column => !column.IsHidden && FieldType(column.Type) is not null)]);
        var answer = EmitClass(module, "Answer", outputs);
        return new RowTypes(
            row,
            [.. inputs.Select(column => row.GetField(FieldName(column))!)],
            answer,
            [.. outputs.Select(column => (column, answer.GetField(FieldName(column))!))]);
    }

    private static Type EmitClass(ModuleBuilder module, string name, IReadOnlyList<DataViewSchema.Column> columns)
    {
        var type = module.DefineType(name, TypeAttributes.Public | TypeAttributes.Sealed | TypeAttributes.Class);
        foreach (var column in columns)
        {
            var field = type.DefineField(FieldName(column), FieldType(column.Type)!, FieldAttributes.Public);
            field.SetCustomAttribute(Attribute<ColumnNameAttribute>(column.Name));
            if (column.Type is VectorDataViewType vector)
                field.SetCustomAttribute(vector.IsKnownSize ? Attribute<VectorTypeAttribute>(vector.Dimensions.ToArray()) : Attribute<VectorTypeAttribute>());
            if (ItemType(column.Type) is KeyDataViewType key)
                field.SetCustomAttribute(Attribute<KeyTypeAttribute>(key.Count));
        }

        return type.CreateType();
    }

    private static CustomAttributeBuilder Attribute<T>(params object[] arguments)
        where T : Attribute =>
        new(typeof(T).GetConstructor([.. arguments.Select(argument => argument.GetType())])!, arguments);

    /// <summary>Column names may be any text, so fields go by index and carry the name as an attribute.</summary>
    private static string FieldName(DataViewSchema.Column column) => $"Column{column.Index}";

    private static Type? FieldType(DataViewType type) => type switch
    {
        PrimitiveDataViewType scalar => scalar.RawType,
        VectorDataViewType vector => typeof(VBuffer<>).MakeGenericType(vector.ItemType.RawType),
        _ => null,
    };

    private static DataViewType ItemType(DataViewType type) => type is VectorDataViewType vector ? vector.ItemType : type;
}
