using System.Reflection;
using System.Runtime.CompilerServices;

namespace Platform.AppHost.Tests.Model;

/// <summary>Writes members the way <see cref="AspireSignatures"/> does.</summary>
internal static class SignatureFormat
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(string)] = "string",
        [typeof(int)] = "int",
        [typeof(bool)] = "bool",
        [typeof(object)] = "object",
    };

    public static string Of(MemberInfo member) => member switch
    {
        MethodInfo method => $"{Name(method.DeclaringType!)}.{method.Name}{TypeParameters(method)}({Parameters(method)}) : {Name(method.ReturnType)}",
        ConstructorInfo constructor => $"{Name(constructor.DeclaringType!)}.ctor({Parameters(constructor)})",
        PropertyInfo property => $"{Name(property.DeclaringType!)}.{property.Name} : {Name(property.PropertyType)}",
        _ => member.Name,
    };

    private static string TypeParameters(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";

    private static string Parameters(MethodBase method)
    {
        var first = method.IsDefined(typeof(ExtensionAttribute), inherit: false) ? "this " : "";
        return first + string.Join(", ", method.GetParameters().Select(Parameter));
    }

    private static string Parameter(ParameterInfo parameter)
    {
        var array = parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "";
        // The test's table has defaults only where they are the type's own: null, false.
        var fallback = parameter.HasDefaultValue ? parameter.DefaultValue is null or false ? " = default" : $" = {parameter.DefaultValue}" : "";
        return $"{array}{Name(parameter.ParameterType)} {parameter.Name}{fallback}";
    }

    private static string Name(Type type)
    {
        if (Keywords.TryGetValue(type, out var keyword)) return keyword;
        if (type.IsArray) return Name(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } value) return Name(value) + "?";
        return type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : type.Name;
    }
}
