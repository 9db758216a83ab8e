Console.WriteLine(Platform.Core.ResourceNames.Api);
