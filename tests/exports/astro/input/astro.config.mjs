export default { site: "https://kiln.example" };
