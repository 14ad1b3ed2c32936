namespace BatchScorer.Models.Compiled.Steps.Text;

/// <summary>Marks above and below letters, as ML.NET's text normalizer sees them.</summary>
internal static class Diacritics
{
    /// <summary>Latin, Greek and Cyrillic letters that Unicode takes apart into a letter and marks.</summary>
    private const string Marked =
        "ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝàáâãäåçèéêëìíîïñòóôõöùúûüýÿĀāĂăĄąĆćĈĉĊċČčĎďĒēĔĕĖėĘęĚěĜĝĞ" +
        "ğĠġĢģĤĥĨĩĪīĬĭĮįİĴĵĶķĹĺĻļĽľŃńŅņŇňŌōŎŏŐőŔŕŖŗŘřŚśŜŝŞşŠšŢţŤťŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻżŽžƠơƯ" +
        "ưǍǎǏǐǑǒǓǔǕǖǗǘǙǚǛǜǞǟǠǡǢǣǦǧǨǩǪǫǬǭǮǯǰǴǵǸǹǺǻǼǽǾǿȀȁȂȃȄȅȆȇȈȉȊȋȌȍȎȏȐȑȒȓȔȕȖȗȘșȚțȞȟȦȧȨȩȪȫȬȭ" +
        "ȮȯȰȱȲȳΆΈΉΊΌΎΏΐΪΫάέήίΰϊϋόύώϓϔЀЁЃЇЌЍЎЙйѐёѓїќѝўѶѷӁӂӐӑӒӓӖӗӚӛӜӝӞӟӢӣӤӥӦӧӪӫӬӭӮӯӰӱӲӳӴӵӸӹ";

    /// <summary>The letter that each of them begins with.</summary>
    private const string Plain =
        "AAAAAACEEEEIIIINOOOOOUUUUYaaaaaaceeeeiiiinooooouuuuyyAaAaAaCcCcCcCcDdEeEeEeEeEeGgG" +
        "gGgGgHhIiIiIiIiIJjKkLlLlLlNnNnNnOoOoOoRrRrRrSsSsSsSsTtTtUuUuUuUuUuUuWwYyYZzZzZzOoU" +
        "uAaIiOoUuUuUuUuUuAaAaÆæGgKkOoOoƷʒjGgNnAaÆæØøAaAaEeEeIiIiOoOoRrRrUuUuSsTtHhAaEeOoOo" +
        "OoOoYyΑΕΗΙΟΥΩιΙΥαεηιυιυουωϒϒЕЕГІКИУИиеегікиуѴѵЖжАаАаЕеӘәЖжЗзИиИиОоӨөЭэУуУуУуЧчЫы";

    private static readonly Dictionary<char, char> Letters = Marked.Zip(Plain).ToDictionary();

    /// <summary>The letter without its marks; itself when it has none.</summary>
    public static char Remove(char letter) => Letters.GetValueOrDefault(letter, letter);

    /// <summary>Whether a character is a mark of its own: the combining marks, and those of Hebrew and Arabic that ML.NET takes away.</summary>
    public static bool IsMark(char character) => character switch
    {
        >= '\u0300' and <= '\u036F' => true,
        >= '\u0591' and <= '\u05BD' or '\u05C1' or '\u05C2' or '\u05C4' or '\u05C5' or '\u05C7' => true,
        >= '\u0610' and <= '\u0615' or >= '\u064C' and <= '\u065E' or '\u0670' => true,
        _ => false,
    };
}
