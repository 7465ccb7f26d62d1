return await Bowline.Cli.CliApp.RunAsync(args);
