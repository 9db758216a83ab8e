using Platform.Core.Realtime;
using Platform.ServiceDefaults;
using Platform.Web.Sites;
using Platform.Web.Spa;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddPlatformStores();
builder.Services.AddRealtime();
builder.AddSites();
builder.AddSpa();

var app = builder.Build();
app.UseSites();
app.UseRouting();
app.MapDefaultEndpoints();
app.UseSpa();
app.Run();

/// <summary>Visible to the tests' host.</summary>
internal sealed partial class Program;
