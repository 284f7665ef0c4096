// Before the first paint: the stored colour theme, if the reader chose one.
try {
	const theme = JSON.parse(localStorage.getItem('foreshock.settings') ?? '{}').theme;
	if (theme === 'dark' || theme === 'light') document.documentElement.dataset.theme = theme;
} catch {
	// No storage, or not ours: the system's theme stands.
}
