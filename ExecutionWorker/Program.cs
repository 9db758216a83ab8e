using Platform.ExecutionWorker;
using Platform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddPlatformStores();
builder.AddExecutionWorker();

var app = builder.Build();
app.MapDefaultEndpoints();
app.Run();
